package dev.keelson.node.runtime.seccomp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.linux.Capabilities;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The engine's default filter as a profile of the OCI runtime specification, for containers that another runtime makes:
 * the launcher's own list of refused calls. What a profile cannot say stays out: the few values that personality(2) may
 * have, and that calls younger than the list do not exist.
 */
public final class DefaultProfile {
    private static final int ALWAYS = -1;
    private static final int ENOSYS = 38;
    private static final int FIRST_NAMESPACE_FLAG = 25;
    private static final List<Long> NAMESPACE_FLAGS =
            List.of(1L << 17, 1L << FIRST_NAMESPACE_FLAG, 1L << 26, 1L << 27, 1L << 28, 1L << 29, 1L << 30);

    private DefaultProfile() {}

    /** @param capabilities names of those that the container keeps */
    public static ObjectNode of(SyscallTable table, Collection<String> capabilities) {
        long held = Capabilities.mask(capabilities);
        ObjectNode profile = JsonNodeFactory.instance.objectNode().put("defaultAction", "SCMP_ACT_ALLOW");
        ArrayNode architectures = profile.putArray("architectures");
        table.architectures().forEach(architecture -> architectures.add(architecture.profileName()));
        ArrayNode rules = profile.putArray("syscalls");
        ArrayNode refused = rules.addObject().put("action", "SCMP_ACT_ERRNO").putArray("names");
        table.refused().entrySet().stream()
                .filter(call -> call.getValue() == ALWAYS || (held & 1L << call.getValue()) == 0)
                .map(Map.Entry::getKey)
                .sorted()
                .forEach(refused::add);
        if ((held & Capabilities.mask(List.of("CAP_SYS_ADMIN"))) == 0) {
            NAMESPACE_FLAGS.forEach(flag -> rules.add(withoutFlag(flag)));
            ObjectNode clone3 =
                    rules.addObject().put("action", "SCMP_ACT_ERRNO").put("errnoRet", ENOSYS);
            clone3.putArray("names").add("clone3");
        }
        return profile;
    }

    private static ObjectNode withoutFlag(long flag) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode().put("action", "SCMP_ACT_ERRNO");
        rule.putArray("names").add("clone");
        rule.putArray("args")
                .addObject()
                .put("index", 0)
                .put("op", "SCMP_CMP_MASKED_EQ")
                .put("value", flag)
                .put("valueTwo", flag);
        return rule;
    }
}
