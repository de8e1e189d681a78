namespace QTrade.Messages;

/// <summary>
/// Why something was refused, changed nothing, or ended without effect. The numbers are on the wire and in journals: a new reason
/// takes a new number, none is ever reused.
/// </summary>
public enum ReasonCode
{
    None = 0,

    // An update or a setting.
    UnknownPool = 1,
    RetiredPool = 2,
    WrongArity = 3,
    NotFinite = 4,
    NegativeReserve = 5,
    OlderPosition = 6,
    RepeatedPosition = 7,
    ConcurrentPosition = 8,
    WrongAccountCount = 9,
    InvalidPool = 10,
    InvalidToken = 11,
    UnknownToken = 12,
    InvalidSetting = 13,

    // A snapshot.
    UnknownSnapshot = 20,
    StaleEpoch = 21,
    NothingToSolve = 22,
    TooSoon = 23,
    SolverFailed = 24,
    SolverTimedOut = 25,
    InvalidResult = 26,
    NewerDecided = 27,
    Restarted = 28,
    NoArbitrage = 29,
    NoRoute = 30,
    BelowCosts = 31,

    // A route or a trade.
    PoolWithheld = 40,
    Expired = 41,
    SupersededByNewer = 42,
    PoolMoved = 43,
    QuoteFailed = 44,
    InsufficientCapital = 45,
    NotionalLimit = 46,
    LossLimit = 47,
    ErrorStreak = 48,
    Halted = 49,
    Reducing = 50,
    LinkedRouteRefused = 51,
    AlreadyEnded = 52,
    NotIntended = 53,
    DifferentIntent = 54,
    VenueFailed = 55,
    JournalFailed = 56,
    UnknownTrade = 57,
    Operator = 58,
    StartUp = 59,
    EventsLost = 60,

    // A cluster.
    ControlUnread = 70,
    ControlSilent = 71,
    RiskUnleased = 72,
    RiskExhausted = 73,
    UnknownRiskSlice = 74,
    LeasesLapsed = 75,
}
