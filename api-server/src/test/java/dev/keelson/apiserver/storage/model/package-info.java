/**
 * Random concurrent use of a store, checked afterwards against a model: {@code ModelRun} uses it, {@code Truth} is the one
 * order that everything seen must agree with.
 */
package dev.keelson.apiserver.storage.model;
