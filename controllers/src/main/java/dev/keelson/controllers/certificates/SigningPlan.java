package dev.keelson.controllers.certificates;

/** What becomes of a request for a certificate. */
sealed interface SigningPlan {

    /** Nothing: nobody has decided yet, it is done, or another signer is asked. */
    record Leave() implements SigningPlan {}

    /** A certificate as it was asked for. */
    record Sign(Profile profile) implements SigningPlan {}

    /** The signer issues no such certificate, whoever approved it. */
    record Refuse(String reason, String message) implements SigningPlan {}
}
