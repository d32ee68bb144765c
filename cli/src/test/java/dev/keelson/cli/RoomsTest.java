package dev.keelson.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which room may import which, and what planners may touch: the walls of the design, checked. */
class RoomsTest {
    private static JavaClasses classes;

    /** A room, its package, and the rooms whose packages it may use. */
    record Room(String name, List<String> mayImport) {
        String packages() {
            return "dev.keelson." + name + "..";
        }
    }

    private static final List<Room> ROOMS = List.of(
            new Room("crds", List.of()),
            new Room("linux", List.of()),
            new Room("apiserver", List.of("crds")),
            new Room("controllers", List.of("crds")),
            new Room("cni", List.of("crds", "linux")),
            new Room("node", List.of("crds", "linux", "cni")),
            new Room("cli", List.of("crds", "linux", "apiserver", "controllers", "cni", "node")));

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.keelson");
    }

    static Stream<Room> rooms() {
        return ROOMS.stream();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void roomImportsOnlyWhatTheDesignAllows(Room room) {
        String[] forbidden = ROOMS.stream()
                .filter(other -> !other.equals(room) && !room.mayImport().contains(other.name()))
                .map(Room::packages)
                .toArray(String[]::new);
        if (forbidden.length > 0) {
            noClasses()
                    .that()
                    .resideInAPackage(room.packages())
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .check(classes);
        }
    }

    /** What is wanted, what follows from it, and who does it: each knows only the ones before it. */
    @Test
    void aPodsWorkerKnowsItsPlannerAndNotTheOtherWayRound() {
        String pod = "dev.keelson.node.pod";
        noClasses()
                .that()
                .resideInAPackage(pod + ".spec")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(pod, pod + ".plan")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage(pod + ".plan")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(pod)
                .check(classes);
    }

    @Test
    void plannersHaveNoClockNoRandomnessAndNoInputOrOutput() {
        ArchRule rule = noClasses()
                .that()
                .haveSimpleNameEndingWith("Planner")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.util.Random.class,
                        java.util.concurrent.ThreadLocalRandom.class,
                        java.nio.file.Files.class,
                        System.Logger.class,
                        java.net.http.HttpClient.class);
        rule.check(classes);
    }
}
