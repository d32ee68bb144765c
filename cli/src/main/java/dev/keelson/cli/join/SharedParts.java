package dev.keelson.cli.join;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keelson.cli.CliException;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * What all servers of a cluster have in common and the database's tables do not say.
 *
 * @param files content of files in the PKI directory by name: the authority and the keys of service account tokens
 */
record SharedParts(String cluster, String podCidr, String serviceCidr, Map<String, String> files) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PUBLIC = List.of("ca.crt", "service-account.pub");
    private static final List<String> SECRET = List.of("ca.key", "service-account.key");
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    SharedParts {
        files = Map.copyOf(files);
    }

    static SharedParts of(ClusterConfig config, DataDir directory) {
        Map<String, String> files = new TreeMap<>();
        try {
            for (List<String> names : List.of(PUBLIC, SECRET)) {
                for (String name : names) {
                    files.put(name, Files.readString(directory.pki().resolve(name)));
                }
            }
        } catch (IOException e) {
            throw new CliException("cannot read the cluster's keys: " + e.getMessage(), e);
        }
        return new SharedParts(config.cluster(), config.podCidr(), config.serviceCidr(), files);
    }

    /** Puts the files where this server's own certificates are then made from them. */
    void writeTo(DataDir directory) {
        Path pki = directory.pki();
        try {
            Files.createDirectories(
                    pki, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            for (String name : SECRET) {
                PrivateFiles.write(pki.resolve(name), files.get(name));
            }
            for (String name : PUBLIC) {
                PrivateFiles.write(pki.resolve(name), files.get(name), "rw-r--r--");
            }
        } catch (IOException e) {
            throw new CliException("cannot write the cluster's keys to " + pki + ": " + e.getMessage(), e);
        }
    }

    /** Nonce, then AES-256-GCM of the parts as JSON. */
    byte[] seal(JoinToken token) {
        try {
            byte[] nonce = new byte[NONCE_BYTES];
            new SecureRandom().nextBytes(nonce);
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, token.key(), new GCMParameterSpec(TAG_BITS, nonce));
            byte[] sealed = cipher.doFinal(JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException | IOException e) {
            throw new CliException("cannot seal the cluster's keys: " + e.getMessage(), e);
        }
    }

    static SharedParts open(byte[] sealed, JoinToken token) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, token.key(), new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES));
            return JSON.readValue(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES), SharedParts.class);
        } catch (GeneralSecurityException | IOException e) {
            throw new CliException(
                    "this join token does not open what the database has for it: copy it again from what"
                            + " ./keelson join-command printed",
                    e);
        }
    }

    /** Never the keys. */
    @Override
    public String toString() {
        return "SharedParts[" + cluster + "]";
    }
}
