package dev.keelson.node.runtime;

/** What a command that was run to its end printed and how it exited. */
public record ExecResult(int exitCode, String stdout, String stderr) {}
