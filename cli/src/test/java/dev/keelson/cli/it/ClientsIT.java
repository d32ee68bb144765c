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
    void helm() {
        HelmClient helm = new HelmClient(cluster);
        helm.installs();
        helm.upgrades();
        helm.rollsBack();
        helm.uninstalls();
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
    void kubectlOfOld() throws IOException {
        OldKubectl kubectl = new OldKubectl(cluster, directory);
        kubectl.appliesRollsAndDeletes();
        kubectl.streams("shell");
    }

    @Test
    void certificatesByKubectl() throws IOException {
        new KubectlCertificates(cluster, directory).asksApprovesAndComesIn();
    }

    @Test
    void kubectlCreatesWhatItHasGeneratorsFor() {
        new KubectlTable(cluster, directory).createsWhatItHasGeneratorsFor();
    }

    @Test
    void kubectlChangesFilesAndShowsTheCluster() throws IOException {
        KubectlTable table = new KubectlTable(cluster, directory);
        table.changesFiles();
        table.shows();
    }

    @Test
    void kubectlStreams() throws IOException {
        new KubectlTable(cluster, directory).streams();
    }

    @Test
    void kubectlDebugs() {
        new KubectlTable(cluster, directory).debugs();
    }
}
