package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.NetlinkMessage;

/** A set as a rule refers to it. @param id number within the transaction for a set made for this rule alone, or 0 */
record SetReference(String name, int id) {
    static final String ANONYMOUS_MAP = "__map%d";

    static SetReference named(String name) {
        return new SetReference(name, 0);
    }

    static SetReference anonymousMap(int id) {
        return new SetReference(ANONYMOUS_MAP, id);
    }

    NetlinkMessage write(NetlinkMessage message, int nameAttribute, int idAttribute) {
        message.attribute(nameAttribute, name);
        return id == 0 ? message : message.attributeBe32(idAttribute, id);
    }
}
