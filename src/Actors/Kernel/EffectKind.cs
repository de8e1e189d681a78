namespace QTrade.Actors.Kernel;

/// <summary>What a recorded effect does.</summary>
internal enum EffectKind
{
    Send,
    SendAtOnce,
    Offer,
    StartTimer,
    CancelTimer,
    RunWork,
    RunIo,
    Spawn,
    Watch,
    Unwatch,
    Stop,
    Unstash,
}
