package dev.keelson.controllers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

final class PlannersArePureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.keelson.controllers");

    @Test
    void plannersKnowNoClockNoChanceAndNoServer() {
        check(noClasses()
                .that()
                .haveNameMatching(
                        ".*(Planner|Plan|RollingUpdate|ProportionalScaling|DeletionOrder|Filters|Scores)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Clock.class,
                        InstantSource.class,
                        Random.class,
                        ThreadLocalRandom.class,
                        System.Logger.class,
                        dev.keelson.crds.client.ApiClient.class,
                        dev.keelson.controllers.runtime.ControllerContext.class));
    }

    @Test
    void controllersDoNotKnowEachOther() {
        for (String one : new String[] {
            "deployment",
            "disruption",
            "replicaset",
            "endpointslice",
            "scheduler",
            "node",
            "namespace",
            "garbagecollector",
            "cleanup",
            "serviceaccount"
        }) {
            check(noClasses()
                    .that()
                    .resideInAPackage("dev.keelson.controllers." + one)
                    .should()
                    .dependOnClassesThat(
                            new com.tngtech.archunit.base.DescribedPredicate<>("are another controller's") {
                                @Override
                                public boolean test(com.tngtech.archunit.core.domain.JavaClass other) {
                                    String name = other.getPackageName();
                                    return name.startsWith("dev.keelson.controllers.")
                                            && !name.endsWith("." + one)
                                            && !name.endsWith(".runtime")
                                            && !name.endsWith(".objects");
                                }
                            }));
        }
    }

    private void check(ArchRule rule) {
        rule.check(classes);
    }
}
