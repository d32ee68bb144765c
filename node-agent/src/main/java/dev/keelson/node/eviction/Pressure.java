package dev.keelson.node.eviction;

/** The conditions of a node that runs short of something, in the kubelet's words. */
public enum Pressure {
    MEMORY(
            "MemoryPressure",
            "KubeletHasInsufficientMemory",
            "kubelet has insufficient memory available",
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available"),
    DISK(
            "DiskPressure",
            "KubeletHasDiskPressure",
            "kubelet has disk pressure",
            "KubeletHasNoDiskPressure",
            "kubelet has no disk pressure"),
    PIDS(
            "PIDPressure",
            "KubeletHasInsufficientPID",
            "kubelet has insufficient PID available",
            "KubeletHasSufficientPID",
            "kubelet has sufficient PID available");

    private final String condition;
    private final String pressedReason;
    private final String pressedMessage;
    private final String easyReason;
    private final String easyMessage;

    Pressure(String condition, String pressedReason, String pressedMessage, String easyReason, String easyMessage) {
        this.condition = condition;
        this.pressedReason = pressedReason;
        this.pressedMessage = pressedMessage;
        this.easyReason = easyReason;
        this.easyMessage = easyMessage;
    }

    public String condition() {
        return condition;
    }

    public String reason(boolean pressed) {
        return pressed ? pressedReason : easyReason;
    }

    public String message(boolean pressed) {
        return pressed ? pressedMessage : easyMessage;
    }
}
