package dev.keelson.node.container;

import dev.keelson.node.apparmor.AppArmor;

/** What this node keeps for containers to be confined by. */
public record Profiles(SeccompFiles seccomp, AppArmor appArmor) {}
