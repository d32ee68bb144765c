package dev.keelson.apiserver.registry.store;

import java.util.random.RandomGenerator;

/** Completes {@code generateName} as Kubernetes does: at most 58 characters of it and five that spell no word. */
final class NameGenerator {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int LONGEST_BASE = 58;
    private static final int SUFFIX = 5;

    private NameGenerator() {}

    static String complete(String base, RandomGenerator random) {
        StringBuilder name = new StringBuilder(base.substring(0, Math.min(base.length(), LONGEST_BASE)));
        for (int i = 0; i < SUFFIX; i++) {
            name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return name.toString();
    }
}
