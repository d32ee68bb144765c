package dev.keelson.controllers.certificates;

import java.nio.file.Path;

/** The PEM files of a certificate authority: its certificate, and the PKCS #8 key that signs. */
public record AuthorityFiles(Path certificate, Path key) {}
