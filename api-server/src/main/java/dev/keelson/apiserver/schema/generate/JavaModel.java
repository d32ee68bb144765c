package dev.keelson.apiserver.schema.generate;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One class of the Java client's models, which were generated from Kubernetes' OpenAPI document: it knows the JSON names,
 * which fields are required, and the descriptions.
 *
 * @param properties JSON name to Java type, in the order of the source
 * @param descriptions JSON name to text; absent where the generator only wrote {@code Get x}
 */
record JavaModel(
        String description, Map<String, String> properties, Map<String, String> descriptions, Set<String> required) {

    static JavaModel read(BufferedReader source) throws IOException {
        Reader reader = new Reader();
        for (String line = source.readLine(); line != null; line = source.readLine()) {
            reader.line(line.strip());
        }
        return new JavaModel(reader.description, reader.properties, reader.descriptions, reader.required);
    }

    private static final class Reader {
        private static final Pattern NAME = Pattern.compile("String SERIALIZED_NAME_\\w+ = \"([^\"]*)\";");
        private static final Pattern MEMBER =
                Pattern.compile("private ([A-Z][\\w<>, \\[\\]]*|byte\\[\\]) \\w+( = .*)?;");
        private static final Pattern REQUIRED = Pattern.compile("openapiRequiredFields\\.add\\(\"([^\"]+)\"\\);");

        private final Map<String, String> properties = new LinkedHashMap<>();
        private final Map<String, String> descriptions = new LinkedHashMap<>();
        private final Set<String> required = new HashSet<>();
        private final List<String> javadoc = new ArrayList<>();
        private final Map<String, String> jsonNames = new LinkedHashMap<>();
        private String description = "";
        private String jsonName = "";
        private boolean inJavadoc;

        void line(String line) {
            if (line.startsWith("/**")) {
                javadoc.clear();
                inJavadoc = true;
            } else if (line.startsWith("*/") || line.startsWith("**/")) {
                inJavadoc = false;
            } else if (inJavadoc) {
                javadocLine(line);
            } else {
                code(line);
            }
        }

        private void javadocLine(String line) {
            String text = line.startsWith("* ") ? line.substring(2) : "";
            if (!text.startsWith("@return ")) {
                javadoc.add(text);
                return;
            }
            String member = text.substring("@return ".length()).strip();
            String said = Prose.unescape(String.join(" ", javadoc)).strip();
            if (!said.equals("Get " + member) && jsonNames.containsKey(member)) {
                descriptions.put(jsonNames.get(member), said);
            }
        }

        private void code(String line) {
            Matcher name = NAME.matcher(line);
            Matcher member = MEMBER.matcher(line);
            Matcher needed = REQUIRED.matcher(line);
            if (name.find()) {
                jsonName = name.group(1);
            } else if (!jsonName.isEmpty() && member.matches()) {
                properties.put(jsonName, member.group(1));
                String declared = line.replaceAll(" = .*", "").replace(";", "");
                jsonNames.put(declared.substring(declared.lastIndexOf(' ') + 1), jsonName);
                jsonName = "";
            } else if (line.startsWith("public class ") && description.isEmpty()) {
                description = Prose.unescape(String.join(" ", javadoc)).strip();
            } else if (needed.find()) {
                required.add(needed.group(1));
            }
        }
    }
}
