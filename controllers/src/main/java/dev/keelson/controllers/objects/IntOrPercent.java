package dev.keelson.controllers.objects;

import io.fabric8.kubernetes.api.model.IntOrString;

/** Values such as {@code 2} or {@code 25%} of a total. */
public final class IntOrPercent {
    private IntOrPercent() {}

    public static int roundedUp(IntOrString value, String fallback, int total) {
        return (int) Math.ceil(resolve(value, fallback, total));
    }

    public static int roundedDown(IntOrString value, String fallback, int total) {
        return (int) Math.floor(resolve(value, fallback, total));
    }

    private static double resolve(IntOrString value, String fallback, int total) {
        if (value != null && value.getIntVal() != null) {
            return value.getIntVal();
        }
        String text = value == null || value.getStrVal() == null ? fallback : value.getStrVal();
        if (text.endsWith("%")) {
            return Integer.parseInt(text.substring(0, text.length() - 1)) * (double) total / 100;
        }
        return Integer.parseInt(text);
    }
}
