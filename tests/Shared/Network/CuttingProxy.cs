using System.Net;
using System.Net.Sockets;

namespace QTrade.Shared.Network;

/// <summary>Stands between a program and a server, and cuts every connection, or swallows what comes, when it is told to.</summary>
public sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private TaskCompletionSource _swallowed = new();
    private bool _cut;
    private bool _hangs;
    private Func<ReadOnlyMemory<byte>, bool>? _swallow;

    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends what is open and lets nothing through until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _cut = true;
            EndAll();
        }
    }

    /// <summary>
    /// Lets nothing through until <see cref="Mend"/>, and tells neither side: connections stand and can be made, and what is sent on them is lost, as
    /// with a network that is gone.
    /// </summary>
    public void Hang()
    {
        lock (_gate) _hangs = true;
    }

    /// <summary>Lets what comes from now on through. What stood while it hung is ended: pieces of it are lost.</summary>
    public void Mend()
    {
        lock (_gate)
        {
            if (_hangs) EndAll();
            (_cut, _hangs) = (false, false);
        }
    }

    /// <summary>Cuts at the first piece from the server that is so, which does not come through.</summary>
    /// <returns>Ends once that has happened.</returns>
    public Task CutAtAsync(Func<ReadOnlyMemory<byte>, bool> answer)
    {
        var swallowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) (_swallow, _swallowed) = (answer, swallowed);
        return swallowed.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private void EndAll()
    {
        foreach (TcpClient client in _open) client.Dispose();
        _open.Clear();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient near = await _listener.AcceptTcpClientAsync();
                var far = new TcpClient();
                bool cut, hangs;
                lock (_gate)
                {
                    (cut, hangs) = (_cut, _hangs);
                    if (!cut) _open.AddRange([near, far]);
                }
                if (cut) near.Dispose();
                else if (!hangs) _ = RunAsync(near, far);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task RunAsync(TcpClient near, TcpClient far)
    {
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(CopyAsync(near, far, fromServer: false), CopyAsync(far, near, fromServer: true));
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        bool hangs;
        lock (_gate) hangs = _hangs;
        if (hangs) return; // Not even the end of one side comes through.
        near.Dispose();
        far.Dispose();
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool fromServer)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and int count)
            {
                if (fromServer && Swallows(buffer.AsMemory(0, count)) is { } swallowed)
                {
                    Cut();
                    swallowed.TrySetResult();
                    return;
                }
                if (!Hangs) await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
    }

    private bool Hangs
    {
        get
        {
            lock (_gate) return _hangs;
        }
    }

    /// <returns>Who is to be told once it is cut; null where it is not the piece that is waited for.</returns>
    private TaskCompletionSource? Swallows(ReadOnlyMemory<byte> answer)
    {
        lock (_gate)
        {
            if (_swallow?.Invoke(answer) != true) return null;
            _swallow = null;
            return _swallowed;
        }
    }
}
