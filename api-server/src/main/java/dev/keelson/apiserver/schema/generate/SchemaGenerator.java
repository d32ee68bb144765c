package dev.keelson.apiserver.schema.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.AlwaysAllowed;
import dev.keelson.apiserver.auth.token.TokenVerdict;
import dev.keelson.apiserver.http.ApiServer;
import dev.keelson.apiserver.http.AuthParts;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.UnstoredKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Run by the build: turns the published sources of the API's types into the resources that the server reads, so that at
 * run time nothing is parsed that is not asked for and no generated class is loaded.
 *
 * <p>Writes below {@code schema/}: {@code types/PACKAGE.json}, {@code wire/PACKAGE.json}, {@code openapi/index.json}
 * with the hash of each document, and the documents, compressed.
 */
public final class SchemaGenerator {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path target;
    private final Catalog catalog;

    private SchemaGenerator(Path target, Catalog catalog) {
        this.target = target;
        this.catalog = catalog;
    }

    /** @param arguments the directory of compiled classes */
    public static void main(String[] arguments) throws IOException {
        Path classes = Path.of(arguments[0]);
        Path target = classes.resolve("schema");
        Path stamp = target.resolve("stamp");
        String fingerprint = Fingerprint.of(classes.resolve("dev/keelson/apiserver"));
        if (Files.exists(stamp) && Files.readString(stamp).equals(fingerprint)) {
            return;
        }
        SchemaGenerator generator = new SchemaGenerator(target, Catalog.read());
        generator.writeTypes();
        generator.writeWire();
        generator.writeDocuments();
        Files.writeString(stamp, fingerprint);
    }

    private void writeTypes() throws IOException {
        Map<String, List<Definition>> byPackage = new TreeMap<>();
        definitions().values().forEach(definition -> byPackage
                .computeIfAbsent(packageOf(definition.name()), name -> new ArrayList<>())
                .add(definition));
        for (Map.Entry<String, List<Definition>> entry : byPackage.entrySet()) {
            write("types/" + entry.getKey() + ".json", TypeTable.of(entry.getValue()));
        }
        write("types/index.json", JSON.valueToTree(byPackage.keySet()));
    }

    private void writeWire() throws IOException {
        WireTable table = new WireTable(catalog.messages(), catalog.definitions());
        Map<String, List<ProtoMessage>> byPackage = new TreeMap<>();
        catalog.messages().values().forEach(message -> byPackage
                .computeIfAbsent(message.packageName(), name -> new ArrayList<>())
                .add(message));
        for (Map.Entry<String, List<ProtoMessage>> entry : byPackage.entrySet()) {
            write("wire/" + entry.getKey() + ".json", table.of(entry.getValue()));
        }
        write("wire/index.json", JSON.valueToTree(byPackage.keySet()));
    }

    private void writeDocuments() throws IOException {
        OpenApiDocuments documents = new OpenApiDocuments(definitions(), BuiltinKinds.list(), unstored());
        ObjectNode index = JSON.createObjectNode();
        for (Map.Entry<String, ObjectNode> document : documents.v3().entrySet()) {
            index.put(
                    document.getKey(),
                    writeCompressed("openapi/v3/" + document.getKey() + ".json.gz", document.getValue()));
        }
        index.put("v2", writeCompressed("openapi/v2.json.gz", documents.v2()));
        write("openapi/index.json", index);
    }

    private Map<String, Definition> definitions() {
        Map<String, Definition> definitions = new TreeMap<>(catalog.definitions());
        definitions.putAll(MetricsDefinitions.all());
        definitions.putAll(TransactionDefinitions.all());
        return definitions;
    }

    private static List<UnstoredKind> unstored() {
        return ApiServer.unstored(AuthParts.reviews(
                new AlwaysAllowed(), (token, audiences) -> new TokenVerdict.Unknown(), "https://none"));
    }

    private static String packageOf(String definition) {
        return definition.substring(0, definition.lastIndexOf('.'));
    }

    private void write(String file, JsonNode content) throws IOException {
        Path path = target.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, JSON.writeValueAsBytes(content));
    }

    /** Returns the hash of the content, by which clients cache it. */
    private String writeCompressed(String file, JsonNode content) throws IOException {
        byte[] plain = JSON.writeValueAsBytes(content);
        Path path = target.resolve(file);
        Files.createDirectories(path.getParent());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new BestGzip(bytes)) {
            gzip.write(plain);
        }
        Files.write(path, bytes.toByteArray());
        return hash(plain);
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().withUpperCase().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
