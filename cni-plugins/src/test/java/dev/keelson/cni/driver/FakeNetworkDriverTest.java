package dev.keelson.cni.driver;

import java.nio.file.Path;

class FakeNetworkDriverTest extends NetworkDriverContract {
    private final FakeNetworkDriver driver = new FakeNetworkDriver();

    @Override
    protected NetworkDriver driver() {
        return driver;
    }

    @Override
    protected Path namespaceOf(String pod) {
        return Path.of("/proc/self/ns/net");
    }
}
