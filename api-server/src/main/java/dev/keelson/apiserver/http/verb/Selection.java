package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.selector.FieldSelector;
import dev.keelson.apiserver.selector.LabelSelector;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.Optional;

/** The label and field selectors of a list, watch or deletecollection. */
public record Selection(LabelSelector labels, FieldSelector fields) {

    public static Selection parse(QueryParameters query, ResourceDefinition kind) {
        return new Selection(
                LabelSelector.parse(query.text("labelSelector")),
                FieldSelector.parse(query.text("fieldSelector"), kind.selectableFields()));
    }

    public boolean everything() {
        return labels.selectsEverything() && fields.terms().isEmpty();
    }

    /** The one name that can match; empty when there is no such restriction. */
    public Optional<String> onlyName() {
        return fields.terms().stream()
                .filter(term -> term.equal() && term.field().equals("metadata.name"))
                .map(FieldSelector.Term::value)
                .findFirst();
    }

    public boolean matches(CachedObject object) {
        if (everything()) {
            return true;
        }
        // The key is at hand; the tree may have to be parsed first.
        if (onlyName().filter(name -> !name.equals(object.key().name())).isPresent()) {
            return false;
        }
        ObjectNode tree = object.tree();
        return labels.matches(tree.path("metadata").path("labels")) && fields.matches(tree);
    }
}
