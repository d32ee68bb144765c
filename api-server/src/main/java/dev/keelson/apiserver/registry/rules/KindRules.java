package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceStrategy;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A strategy put together from the pure functions of one kind; what a kind does not say does nothing. */
public record KindRules(
        NameRule nameRule,
        Consumer<ObjectNode> defaults,
        Consumer<ObjectNode> create,
        BiConsumer<ObjectNode, ObjectNode> update,
        BiConsumer<ObjectNode, Problems> check,
        ChangeCheck checkChange)
        implements ResourceStrategy {

    /** Judges the change from an old state. */
    @FunctionalInterface
    public interface ChangeCheck {
        void check(ObjectNode updated, ObjectNode old, Problems problems);
    }

    public static KindRules none() {
        return new KindRules(
                NameRule.DNS_SUBDOMAIN,
                object -> {},
                object -> {},
                (updated, old) -> {},
                (object, problems) -> {},
                (updated, old, problems) -> {});
    }

    /** For kinds whose status is written through its own subresource: empty at first, kept by every other write. */
    public static KindRules withStatus() {
        return none().creating(object -> object.putObject("status"))
                .updating((updated, old) -> Tree.carry(updated, old, "status"));
    }

    public KindRules named(NameRule rule) {
        return new KindRules(rule, defaults, create, update, check, checkChange);
    }

    public KindRules defaulting(Consumer<ObjectNode> more) {
        return new KindRules(nameRule, defaults.andThen(more), create, update, check, checkChange);
    }

    public KindRules creating(Consumer<ObjectNode> more) {
        return new KindRules(nameRule, defaults, create.andThen(more), update, check, checkChange);
    }

    public KindRules updating(BiConsumer<ObjectNode, ObjectNode> more) {
        return new KindRules(nameRule, defaults, create, update.andThen(more), check, checkChange);
    }

    public KindRules checking(BiConsumer<ObjectNode, Problems> more) {
        return new KindRules(nameRule, defaults, create, update, check.andThen(more), checkChange);
    }

    public KindRules checkingChange(ChangeCheck more) {
        ChangeCheck both = (updated, old, problems) -> {
            checkChange.check(updated, old, problems);
            more.check(updated, old, problems);
        };
        return new KindRules(nameRule, defaults, create, update, check, both);
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        defaults.accept(object);
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        create.accept(object);
    }

    @Override
    public void prepareForUpdate(ObjectNode updated, ObjectNode old) {
        update.accept(updated, old);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        check.accept(object, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode updated, ObjectNode old) {
        Problems problems = new Problems();
        checkChange.check(updated, old, problems);
        return problems.list();
    }
}
