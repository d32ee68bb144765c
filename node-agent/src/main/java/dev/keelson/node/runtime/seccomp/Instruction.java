package dev.keelson.node.runtime.seccomp;

/**
 * One instruction of a classic BPF program, {@code struct sock_filter} of linux/filter.h.
 *
 * @param ifTrue how many instructions to leave out when a comparison holds
 * @param ifFalse how many when it does not
 */
record Instruction(int code, int ifTrue, int ifFalse, int value) {
    /** Loads 32 bits of {@code struct seccomp_data}. */
    static final int LOAD = 0x20;

    static final int AND = 0x54;
    static final int JUMP_IF_EQUAL = 0x15;
    static final int JUMP_IF_GREATER = 0x25;
    static final int JUMP_IF_GREATER_OR_EQUAL = 0x35;
    static final int JUMP = 0x05;
    static final int RETURN = 0x06;

    static Instruction load(int offset) {
        return new Instruction(LOAD, 0, 0, offset);
    }

    static Instruction answer(int action) {
        return new Instruction(RETURN, 0, 0, action);
    }

    /** 16 hexadecimal digits: code, both jumps and value as the kernel has them in memory. */
    String encoded() {
        return "%04x%02x%02x%08x"
                .formatted(Short.reverseBytes((short) code) & 0xffff, ifTrue, ifFalse, Integer.reverseBytes(value));
    }
}
