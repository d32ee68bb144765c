/**
 * Rights by role (rbac.authorization.k8s.io/v1): an immutable index of roles and bindings that is made anew when one of
 * them changes, so that a request costs a few map lookups; the roles that every cluster begins with; and what keeps
 * users from granting more than they have.
 */
package dev.keelson.apiserver.auth.rbac;
