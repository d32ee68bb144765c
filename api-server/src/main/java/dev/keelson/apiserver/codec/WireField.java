package dev.keelson.apiserver.codec;

/**
 * How one field number reads.
 *
 * @param type a word, {@code [x} repeated, {@code {x} map from text, {@code @message}
 * @param inlined whether the message's fields stand in the parent's place in JSON
 * @param zeroIsAbsent whether a zero is left away, as Go's {@code omitempty} does for plain values
 */
record WireField(String name, String type, boolean inlined, boolean zeroIsAbsent) {}
