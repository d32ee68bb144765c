package dev.keelson.node.runtime;

/** Which streams of a process are wanted. With a tty, stdout and stderr are one. */
public record StreamOptions(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}
