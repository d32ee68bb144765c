package dev.keelson.controllers.serviceaccount;

import java.nio.file.Path;

/**
 * The PEM files of the key that signs tokens of service accounts.
 *
 * @param key PKCS #8
 * @param publicKeys the first is that key's
 */
public record TokenKeyFiles(Path key, Path publicKeys) {}
