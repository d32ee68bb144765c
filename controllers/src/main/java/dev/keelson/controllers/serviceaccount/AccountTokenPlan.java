package dev.keelson.controllers.serviceaccount;

/** What is to be done with a Secret that holds a service account's token. */
sealed interface AccountTokenPlan {
    String reason();

    record Leave(String reason) implements AccountTokenPlan {}

    record Delete(String reason) implements AccountTokenPlan {}

    /** The entries that are missing or old are set, and the annotations say whose token it is. */
    record Fill(boolean token, boolean namespace, boolean authority, String accountUid, String reason)
            implements AccountTokenPlan {}
}
