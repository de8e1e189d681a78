namespace QTrade.Web.Admin;

/// <summary>How a request ended; its numbers are the exit codes of programs.</summary>
public enum AdminStatus
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Answered, and the answer is no.</summary>
    No = 1,

    /// <summary>The request is wrong.</summary>
    Bad = 2,

    /// <summary>It should have worked and did not.</summary>
    Failed = 3,
}
