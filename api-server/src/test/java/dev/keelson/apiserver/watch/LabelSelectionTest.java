package dev.keelson.apiserver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.http.verb.Selection;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.selector.FieldSelector;
import dev.keelson.apiserver.selector.LabelSelector;
import dev.keelson.apiserver.selector.SelectableFields;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Stored;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Label selectors over objects that have the label, another value of it, or none. */
class LabelSelectionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app=web          | true  | false | false",
                "app!=web         | false | true  | true",
                "app in (web,x)   | true  | false | false",
                "app notin (web)  | false | true  | true",
                "app              | true  | true  | false",
                "!app             | false | false | true",
                "size>5           | false | true  | false",
                "size<5           | true  | false | false",
                "app=web,size>5   | false | false | false",
                "app,size<5       | true  | false | false"
            })
    void labelsAreComparedAsKubernetesCompares(String selector, boolean web, boolean other, boolean bare) {
        Selection selection =
                new Selection(LabelSelector.parse(selector), FieldSelector.parse("", SelectableFields.usual()));

        assertThat(matches(selection, "{'app':'web','size':'3'}")).isEqualTo(web);
        assertThat(matches(selection, "{'app':'db','size':'7'}")).isEqualTo(other);
        assertThat(matches(selection, "{'tier':'web'}")).isEqualTo(bare);
    }

    private static boolean matches(Selection selection, String labels) {
        String json = "{\"metadata\":{\"name\":\"a\",\"labels\":%s}}".formatted(labels.replace('\'', '"'));
        ObjectKey key = new ObjectKey("", "configmaps", "n", "a");
        Stored stored = new Stored(key, "uid", new Revision(1), json.getBytes(StandardCharsets.UTF_8));
        boolean fromBytes = selection.matches(new CachedJson(stored));
        assertThat(selection.matches(Trees.served(stored))).as("from the tree").isEqualTo(fromBytes);
        return fromBytes;
    }
}
