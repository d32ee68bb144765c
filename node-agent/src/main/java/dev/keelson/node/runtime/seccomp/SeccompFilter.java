package dev.keelson.node.runtime.seccomp;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A profile as the kernel runs it.
 *
 * @param flags of seccomp(2)
 */
public record SeccompFilter(List<Instruction> program, int flags) {
    private static final int LONGEST = 4096;

    public SeccompFilter {
        program = List.copyOf(program);
        if (program.size() > LONGEST) {
            throw new IllegalArgumentException(
                    "it becomes %d instructions, and the kernel takes %d".formatted(program.size(), LONGEST));
        }
    }

    /**
     * Compiles a profile of the OCI runtime specification.
     *
     * @throws IllegalArgumentException that says what is wrong with the profile
     */
    public static SeccompFilter of(byte[] json, SyscallTable table) {
        SeccompProfile profile = SeccompProfile.parse(json);
        return new SeccompFilter(new SeccompCompiler(profile, table).program(), profile.flags());
    }

    /** Hexadecimal, as the launcher reads it. */
    public String encoded() {
        return program.stream().map(Instruction::encoded).collect(Collectors.joining());
    }
}
