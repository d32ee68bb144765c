package dev.keelson.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What one kind adds to the generic machinery. Every method is a pure function of its arguments; the trees it is given
 * are the caller's own copies and may be changed in place. Metadata rules that hold for all kinds are not repeated here.
 */
public interface ResourceStrategy {

    /** Which names objects of this kind may have. */
    default NameRule nameRule() {
        return NameRule.DNS_SUBDOMAIN;
    }

    /** Fills in the defaults of the kind's API version, as Kubernetes does on every decode. */
    void applyDefaults(ObjectNode object);

    /** Sets what the server decides at creation, for example clears or initialises status. */
    void prepareForCreate(ObjectNode object);

    /** Carries over what a spec update must not change, for example status. */
    void prepareForUpdate(ObjectNode updated, ObjectNode old);

    /** Everything that is wrong with the object, in field order; empty when it is valid. */
    List<FieldError> validate(ObjectNode object);

    /** What is wrong with the change, such as immutable fields, beside {@link #validate}. */
    List<FieldError> validateUpdate(ObjectNode updated, ObjectNode old);
}
