namespace QTrade.Web.Admin;

/// <summary>Who answers what arrives at an admin port: a node, or a gateway that passes requests on by their node's name.</summary>
public interface IAdminPort
{
    /// <summary>The name that answers carry where the request reached nobody.</summary>
    string NodeName { get; }

    /// <summary>Why the node does not do its work; null while it does.</summary>
    string? NotReady { get; }

    /// <summary>Answers one request. Bounded in time by the token, which is cancelled when the caller leaves or waited too long.</summary>
    Task<AdminAnswer> AnswerAsync(AdminRequest request, CancellationToken cancellationToken);

    /// <summary>Answers a request with items as they come, until the token is cancelled.</summary>
    IAsyncEnumerable<AdminAnswer> StreamAsync(AdminRequest request, CancellationToken cancellationToken);
}
