package dev.keelson.apiserver.selector;

/** A selector that cannot be understood (HTTP 400); the message shows the part and what is accepted. */
public final class SelectorException extends RuntimeException {
    SelectorException(String message) {
        super(message);
    }
}
