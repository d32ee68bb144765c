package dev.keelson.node.image.layer;

/**
 * Which extended attributes an image may set: those that mean something to programs in the container. {@code trusted.}
 * and {@code user.overlay.} steer overlayfs itself (a redirect would show other directories than the image's), and
 * security labels belong to the host; these are left out, as a label of the build machine would be wrong here anyway.
 */
final class XattrPolicy {
    private XattrPolicy() {}

    static boolean accepts(String attribute) {
        if (attribute.startsWith("user.")) {
            return !attribute.startsWith("user.overlay.");
        }
        return attribute.equals("security.capability")
                || attribute.equals("system.posix_acl_access")
                || attribute.equals("system.posix_acl_default");
    }
}
