namespace QTrade.Web.Admin;

/// <summary>Clients of several admin ports, one for each address, kept for the next request. Used from any thread.</summary>
/// <param name="token">Shown to each; null where there is none.</param>
/// <param name="patience">How long one answer may take.</param>
/// <param name="max">How many are kept.</param>
public sealed class AdminClients(AdminToken? token, TimeSpan patience, int max) : IDisposable
{
    private readonly Lock _one = new();
    private readonly Dictionary<string, AdminClient> _clients = new(StringComparer.Ordinal);

    /// <summary>The client that asks at an address.</summary>
    public AdminClient Of(string host)
    {
        lock (_one)
        {
            if (_clients.TryGetValue(host, out AdminClient? client))
                return client;
            // Addresses of nodes that moved on: whoever is still asked gets a new one.
            if (_clients.Count >= max)
                Clear();
            return _clients[host] = new AdminClient(host, token, patience);
        }
    }

    public void Dispose()
    {
        lock (_one)
            Clear();
    }

    private void Clear()
    {
        foreach (AdminClient client in _clients.Values)
            client.Dispose();
        _clients.Clear();
    }
}
