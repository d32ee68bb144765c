package dev.keelson.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code keelson --version} prints. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Keelson.class.getPackage().getImplementationVersion();
        return new String[] {"keelson " + (version == null ? "(unpackaged)" : version)};
    }
}
