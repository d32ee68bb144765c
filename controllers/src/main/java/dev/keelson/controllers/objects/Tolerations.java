package dev.keelson.controllers.objects;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Which taints a pod tolerates.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/">Taints and Tolerations</a>
 */
public final class Tolerations {
    private Tolerations() {}

    public static boolean tolerates(List<Toleration> tolerations, Taint taint) {
        return matching(tolerations, taint).findAny().isPresent();
    }

    /** The tolerations that apply to a taint. */
    public static Stream<Toleration> matching(List<Toleration> tolerations, Taint taint) {
        return tolerations.stream().filter(toleration -> matches(toleration, taint));
    }

    private static boolean matches(Toleration toleration, Taint taint) {
        boolean anyKey = isEmpty(toleration.getKey());
        boolean exists = "Exists".equals(toleration.getOperator());
        return (isEmpty(toleration.getEffect()) || toleration.getEffect().equals(taint.getEffect()))
                && (anyKey ? exists : toleration.getKey().equals(taint.getKey()))
                && (exists || orEmpty(toleration.getValue()).equals(orEmpty(taint.getValue())));
    }

    private static boolean isEmpty(String text) {
        return orEmpty(text).isEmpty();
    }

    private static String orEmpty(String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
