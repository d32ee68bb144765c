package dev.keelson.linux;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.annotations.Pinned;

/**
 * SHA-256 by the machine's libcrypto, which uses the processor's own instructions. The JDK's needs its optimizing compiler
 * for that; in a process that runs without it, to be small, it is 15 times slower. Where there is no libcrypto the JDK's
 * serves.
 */
public final class Sha256 extends MessageDigest implements Cloneable {
    private static final int HASH_BYTES = 32;
    /** {@code SHA256_CTX} is 112 bytes; the rest is for versions to come. */
    private static final int CONTEXT_BYTES = 256;

    /** libcrypto's low-level interface, which keeps all its state in memory of the caller. */
    public interface LibCrypto {
        int SHA256_Init(@In @Out @Pinned byte[] context);

        int SHA256_Update(@In @Out @Pinned byte[] context, @In @Pinned ByteBuffer data, long length);

        int SHA256_Final(@Out @Pinned byte[] hash, @In @Out @Pinned byte[] context);
    }

    private static final class Loaded {
        private static final Optional<LibCrypto> LIBRARY = Stream.of("libcrypto.so.3", "libcrypto.so.1.1")
                .flatMap(name -> load(name).stream())
                .findFirst();
    }

    private final LibCrypto library;
    private byte[] context = new byte[CONTEXT_BYTES];

    private Sha256(LibCrypto library) {
        super("SHA-256");
        this.library = library;
        engineReset();
    }

    /** A fresh calculator, the fastest that this machine has. */
    public static MessageDigest create() {
        return Loaded.LIBRARY.<MessageDigest>map(Sha256::new).orElseGet(Sha256::ofJdk);
    }

    private static Optional<LibCrypto> load(String name) {
        try {
            LibCrypto library = LibraryLoader.create(LibCrypto.class).load(name);
            // Believed only once it has hashed something right.
            byte[] known = HexFormat.of().parseHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
            byte[] tried = new Sha256(library).digest(new byte[] {'a', 'b', 'c'});
            return MessageDigest.isEqual(known, tried) ? Optional.of(library) : Optional.empty();
        } catch (LinkageError | RuntimeException absent) {
            return Optional.empty();
        }
    }

    private static MessageDigest ofJdk() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    @Override
    protected int engineGetDigestLength() {
        return HASH_BYTES;
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        if (length > 0) {
            library.SHA256_Update(context, ByteBuffer.wrap(input, offset, length), length);
        }
    }

    @Override
    protected byte[] engineDigest() {
        byte[] hash = new byte[HASH_BYTES];
        library.SHA256_Final(hash, context);
        engineReset();
        return hash;
    }

    @Override
    protected void engineReset() {
        library.SHA256_Init(context);
    }

    @Override
    public Sha256 clone() throws CloneNotSupportedException {
        Sha256 copy = (Sha256) super.clone();
        copy.context = context.clone();
        return copy;
    }
}
