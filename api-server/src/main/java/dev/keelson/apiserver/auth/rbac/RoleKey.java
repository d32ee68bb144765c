package dev.keelson.apiserver.auth.rbac;

/** Names a role. @param namespace empty for a ClusterRole */
record RoleKey(String namespace, String name) {

    static RoleKey cluster(String name) {
        return new RoleKey("", name);
    }

    boolean ofCluster() {
        return namespace.isEmpty();
    }

    String plural() {
        return ofCluster() ? "clusterroles" : "roles";
    }

    @Override
    public String toString() {
        return (ofCluster() ? "ClusterRole" : "Role") + " \"" + name + "\"";
    }
}
