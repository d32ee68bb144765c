package dev.keelson.apiserver.admission;

import java.util.List;

/** Asks each admission in turn; the first refusal ends it. */
public record AdmissionChain(List<Admission> members) implements Admission {

    public AdmissionChain {
        members = List.copyOf(members);
    }

    @Override
    public void mutate(AdmissionRequest request) {
        members.forEach(member -> member.mutate(request));
    }

    @Override
    public void validate(AdmissionRequest request) {
        members.forEach(member -> member.validate(request));
    }
}
