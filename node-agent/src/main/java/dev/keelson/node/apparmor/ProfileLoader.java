package dev.keelson.node.apparmor;

import java.io.IOException;

/** Brings profiles into the kernel. */
@FunctionalInterface
interface ProfileLoader {
    /** Adds the profiles of the text, or replaces those of the same name. */
    void load(String text) throws IOException;
}
