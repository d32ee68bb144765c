package dev.keelson.cli.it;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote, each as its users have it, on one cluster. What they do stands in a class for each. */
class ClientsIT {
    @AutoClose
    private static Cluster cluster;

    @TempDir
    private Path directory;

    @BeforeAll
    static void up() {
        cluster = Cluster.withBusybox();
        cluster.runShell();
    }

    @Test
    void helm() throws IOException {
        HelmClient helm = new HelmClient(cluster, directory);
        helm.installs();
        helm.tests();
        helm.upgrades();
        helm.rollsBack();
        helm.uninstalls();
    }

    @Test
    void aCollectorThatDiscoversAsPrometheusDoes() throws IOException {
        new MetricsCollector(cluster, directory).findsAndCollects();
    }

    @Test
    void anOperatorOfTheJavaOperatorSdk() {
        new GreetingOperator(cluster).reconcilesAndCleansUp();
    }

    @Test
    void theOfficialJavaClient() throws Exception {
        OfficialJavaClient client = new OfficialJavaClient(cluster);
        client.writesAndFollowsObjects();
        client.readsLogsAndRunsProcesses("shell", "started");
    }

    @Test
    void theOfficialJavaScriptClient() throws IOException {
        new NodeClient(cluster, directory).doesEverything("shell");
    }

    @Test
    void everyCommandOfKubectl() throws IOException {
        KubectlSweep sweep = new KubectlSweep(cluster, Path.of("/usr/bin"), directory, true);
        sweep.noCommandIsLeftOut();
        sweep.everyCommandDoesItsWork();
    }

    /** kubectl 1.20, which Debian has: it speaks SPDY for streams and reads the OpenAPI document as protobuf. */
    @Test
    void everyCommandOfAnOldKubectl() throws IOException {
        Path program = DebianPackage.program("kubernetes-client", "usr/bin/kubectl", directory);
        KubectlSweep sweep = new KubectlSweep(cluster, program.getParent(), directory, false);
        sweep.noCommandIsLeftOut();
        sweep.everyCommandDoesItsWork();
    }

    @Test
    void certificatesByKubectl() throws IOException {
        new KubectlCertificates(cluster, directory).asksApprovesAndComesIn();
    }
}
