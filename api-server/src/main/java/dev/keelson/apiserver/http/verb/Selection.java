package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.selector.FieldSelector;
import dev.keelson.apiserver.selector.LabelRequirement;
import dev.keelson.apiserver.selector.LabelSelector;
import dev.keelson.apiserver.selector.SelectableFields;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.LabelTest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The label and field selectors of a list, watch or deletecollection. Asked for every object of a list, so prepared. */
public final class Selection {
    private record Label(LabelRequirement requirement, LabelTest test) {
        static Label of(LabelRequirement requirement) {
            LabelTest test =
                    switch (requirement.operator()) {
                        case IN, NOT_IN -> LabelTest.oneOf(requirement.key(), requirement.values());
                        case EXISTS, DOES_NOT_EXIST, GREATER_THAN, LESS_THAN -> LabelTest.present(requirement.key());
                    };
            return new Label(requirement, test);
        }

        boolean matches(CachedObject object) {
            return switch (requirement.operator()) {
                case IN, EXISTS -> object.has(test);
                case NOT_IN, DOES_NOT_EXIST -> !object.has(test);
                case GREATER_THAN, LESS_THAN -> requirement.matches(object.label(test));
            };
        }
    }

    private final List<Label> labels;
    private final FieldSelector fields;
    private final Optional<String> onlyName;
    private final boolean fieldsBesideName;

    public Selection(LabelSelector labels, FieldSelector fields) {
        this.labels = labels.requirements().stream().map(Label::of).toList();
        this.fields = fields;
        this.onlyName = fields.requiredValue("metadata.name");
        this.fieldsBesideName = fields.terms().size() > (onlyName.isPresent() ? 1 : 0);
    }

    public static Selection parse(QueryParameters query, ResourceDefinition kind) {
        return new Selection(
                LabelSelector.parse(query.text("labelSelector")),
                FieldSelector.parse(query.text("fieldSelector"), fields(kind)));
    }

    private static SelectableFields fields(ResourceDefinition kind) {
        Set<String> own = kind.selectableFields();
        if (kind.group().equals("batch") && kind.kind().equals("Job")) {
            return new SelectableFields(own, "field label \"%s\" not supported for batchv1.Job");
        }
        return own.isEmpty() && kind.strategy().isBuiltIn() ? SelectableFields.usual() : SelectableFields.of(own);
    }

    public boolean everything() {
        return labels.isEmpty() && fields.selectsEverything();
    }

    /** The one name that can match; empty when there is no such restriction. */
    public Optional<String> onlyName() {
        return onlyName;
    }

    /** Parses the object only for fields other than its name. */
    public boolean matches(CachedObject object) {
        if (onlyName.isPresent() && !onlyName.get().equals(object.key().name())) {
            return false;
        }
        for (Label label : labels) {
            if (!label.matches(object)) {
                return false;
            }
        }
        return !fieldsBesideName || fields.matches(object.tree());
    }
}
