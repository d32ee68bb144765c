package dev.keelson.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.http.Kubectl;
import dev.keelson.apiserver.http.ServerUnderTest;
import dev.keelson.apiserver.http.TestPki;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stock kubectl with custom resources, and a definition of the size that real operators ship. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class CustomKubectlIT {
    @TempDir
    Path work;

    @Test
    void worksWithCustomResources() {
        CronTabs crontabs = new CronTabs(TestPki.freshName("kubectl"));
        Kubectl kubectl = Kubectl.in(work);
        kubectl.write("definition.yaml", crontabs.definition());
        assertThat(kubectl.run("apply", "--server-side", "-f", "definition.yaml"))
                .contains("serverside-applied");
        String type = "crontabs." + crontabs.group();
        assertThat(kubectl.run("wait", "--for=condition=Established", "crd/" + type, "--timeout=60s"))
                .contains("condition met");
        kubectl.write("one.yaml", """
                apiVersion: %s/v1
                kind: CronTab
                metadata: {name: one, labels: {app: cron}}
                spec: {cronSpec: "* * * * *", jobs: [{name: a, image: x}]}
                """.formatted(crontabs.group()));
        assertThat(kubectl.run("apply", "-f", "one.yaml")).contains("/one created");
        assertThat(kubectl.run("apply", "-f", "one.yaml")).contains("/one unchanged");
        assertThat(kubectl.run("get", type)).contains("NAME", "SPEC", "REPLICAS", "AGE", "* * * * *");
        assertThat(kubectl.run("explain", type + ".spec.cronSpec"))
                .contains("FIELD: cronSpec <string>", "When it runs.");
        assertThat(kubectl.run("scale", type + "/one", "--replicas=4")).contains("scaled");
        assertThat(kubectl.run("patch", type, "one", "--type=merge", "-p", "{\"spec\":{\"policy\":\"Allow\"}}"))
                .contains("patched");
        assertThat(kubectl.run("get", type, "one", "-o", "jsonpath={.spec.replicas} {.spec.policy}"))
                .isEqualTo("4 Allow");
        assertThat(kubectl.failing("patch", type, "one", "--type=merge", "-p", "{\"spec\":{\"replicas\":11}}"))
                .contains("spec.replicas in body should be less than or equal to 10");
        assertThat(kubectl.run("api-resources", "--api-group=" + crontabs.group()))
                .contains("crontabs", "ct", "CronTab");
        assertThat(kubectl.run("delete", "crd", type)).contains("deleted");
        assertThat(kubectl.failing("get", type))
                .containsAnyOf("the server doesn't have a resource type", "could not find the requested resource");
    }

    @Test
    void takesDefinitionsOfTheSizeThatChartsShip() {
        CronTabs crontabs = new CronTabs(TestPki.freshName("large"));
        Kubectl kubectl = Kubectl.in(work);
        StringBuilder fields = new StringBuilder();
        String said = "A field of a large definition, described at length. ".repeat(20);
        for (int i = 0; i < 1_000; i++) {
            fields.append("              field")
                    .append(i)
                    .append(": {type: string, description: \"")
                    .append(said)
                    .append("\"}\n");
        }
        String status = "          status:\n            type: object\n            properties:\n";
        assertThat(crontabs.definition()).contains(status);
        kubectl.write("large.yaml", crontabs.definition().replace(status, status + fields));
        assertThat(kubectl.run("create", "-f", "large.yaml")).contains("created");
        String type = "crontabs." + crontabs.group();
        kubectl.run("wait", "--for=condition=Established", "crd/" + type, "--timeout=60s");
        assertThat(kubectl.run("explain", type + ".status.field999")).contains("described at length");
        kubectl.run("delete", "crd", type);
    }
}
