package dev.keelson.cni.host;

import dev.keelson.cni.driver.NetworkDriver;
import dev.keelson.cni.driver.NetworkDriverContract;
import dev.keelson.linux.net.Ipv4;
import java.nio.file.Path;

class HostDriverTest extends NetworkDriverContract {
    private final HostDriver driver = new HostDriver(Ipv4.parse("192.0.2.2"));

    @Override
    protected NetworkDriver driver() {
        return driver;
    }

    @Override
    protected Path namespaceOf(String pod) {
        return Path.of("/proc/self/ns/net");
    }

    @Override
    protected boolean isShared() {
        return true;
    }
}
