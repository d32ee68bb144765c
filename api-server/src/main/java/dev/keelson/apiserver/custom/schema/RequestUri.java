package dev.keelson.apiserver.custom.schema;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/** An absolute URI or an absolute path, as Go's {@code url.ParseRequestURI} takes them. */
final class RequestUri {
    private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.\\-]*):");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");
    private static final Pattern ESCAPED = Pattern.compile("(?:[^%]|%[0-9a-fA-F]{2})*");
    private static final Pattern USER = Pattern.compile("(?:[a-zA-Z0-9\\-._:~!$&'()*+,;=@]|%[0-9a-fA-F]{2})*");
    /** Of ASCII, only the percent sign itself may be escaped. */
    private static final Pattern HOST = Pattern.compile(
            "(?:[a-zA-Z0-9\\-_.~!$&'()*+,;=:\\[\\]<>\"\\x{80}-\\x{10FFFF}]|%25|%[89a-fA-F][0-9a-fA-F])*");

    private static final Pattern PORT = Pattern.compile("(?::[0-9]*)?");

    private RequestUri() {}

    static boolean isOne(String text) {
        if (text.isEmpty() || CONTROL.matcher(text).find()) {
            return false;
        }
        if (text.equals("*")) {
            return true;
        }
        Matcher scheme = SCHEME.matcher(text);
        boolean absolute = scheme.lookingAt();
        String rest = (absolute ? text.substring(scheme.end()) : text).split("\\?", 2)[0];
        if (!rest.startsWith("/")) {
            return absolute;
        }
        boolean hasAuthority = rest.startsWith("//") && (absolute || !rest.startsWith("///"));
        if (!hasAuthority) {
            return ESCAPED.matcher(rest).matches();
        }
        int end = rest.indexOf('/', 2);
        String authority = end < 0 ? rest.substring(2) : rest.substring(2, end);
        String path = end < 0 ? "" : rest.substring(end);
        int at = authority.lastIndexOf('@');
        return USER.matcher(authority.substring(0, Math.max(0, at))).matches()
                && isHost(authority.substring(at + 1))
                && ESCAPED.matcher(path).matches();
    }

    private static boolean isHost(String host) {
        int port = host.startsWith("[") ? host.lastIndexOf(']') + 1 : host.lastIndexOf(':');
        boolean closed = !host.startsWith("[") || port > 0;
        return closed
                && HOST.matcher(host).matches()
                && (port < 0 || PORT.matcher(host.substring(port)).matches());
    }
}
