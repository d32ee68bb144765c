package dev.keelson.apiserver.admission;

import dev.keelson.apiserver.storage.Write;
import java.util.List;

/** All that belongs beside a write, whoever asks for it. */
public record CompanionChain(List<Companion> members) implements Companion {

    public CompanionChain {
        members = List.copyOf(members);
    }

    @Override
    public List<Write> beside(AdmissionRequest request) {
        return members.stream()
                .flatMap(member -> member.beside(request).stream())
                .toList();
    }
}
