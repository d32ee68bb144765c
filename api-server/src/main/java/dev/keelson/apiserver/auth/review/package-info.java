/** Questions about rights and identities: can I, can they, who am I, whose token is this. */
package dev.keelson.apiserver.auth.review;
