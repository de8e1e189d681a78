using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;

namespace QTrade.Actors.Tests.EventSourcing;

/// <summary>An entity for specs: a balance that deposits change.</summary>
public sealed class Account(string id, ActorRef<string> tells, int snapshotEvery = 1_000, UnreadableEventRule rule = UnreadableEventRule.SkipEvent)
    : EventSourcedActor<Account.Command, Account.Deposited, Account.Balance>
{
    public abstract record Command;

    /// <summary>Deposits, as one event each, and tells "deposited ..." once that is durable.</summary>
    public sealed record Deposit(params int[] Amounts) : Command;

    /// <summary>Deposits, and tells "asked" without waiting for that and "deposited ..." once it is durable.</summary>
    public sealed record AskAndDeposit(int Amount) : Command;

    /// <summary>Tells the balance at once.</summary>
    public sealed record Show : Command;

    /// <summary>Deposits and throws.</summary>
    public sealed record Trip : Command;

    public sealed record Deposited(int Amount);

    public sealed record Balance(long Total);

    public static string IdOf(string id) => "account/" + id;

    public override string PersistenceId => IdOf(id);

    protected override Balance Initial => new(0);

    protected override IEventCodec<Deposited> Codec => AccountCodec.Instance;

    protected override IEventCodec<Balance> SnapshotCodec => AccountCodec.Instance;

    protected override int SnapshotEvery => snapshotEvery;

    protected override UnreadableEventRule OnUnreadableEvent => rule;

    public override Balance Apply(Balance state, Deposited @event) => new(state.Total + @event.Amount);

    public override void Decide(Balance state, Command message, Effects<Deposited> effects)
    {
        switch (message)
        {
            case Deposit deposit:
                foreach (var amount in deposit.Amounts)
                    effects.Persist(new Deposited(amount));
                effects.Send(tells, $"deposited #{SequenceNumber + deposit.Amounts.Length}");
                break;
            case AskAndDeposit deposit:
                effects.Persist(new Deposited(deposit.Amount));
                effects.Send(tells, $"deposited #{SequenceNumber + 1}");
                effects.SendAtOnce(tells, "asked");
                break;
            case Show:
                effects.Send(tells, $"balance {state.Total} at #{SequenceNumber}");
                break;
            case Trip:
                effects.Persist(new Deposited(1));
                throw new InvalidOperationException("tripped");
            default:
                throw new InvalidOperationException($"unknown command {message}");
        }
    }

    public override void OnRecovered(Balance state, Effects<Deposited> effects) =>
        effects.Send(tells, $"recovered {state.Total} at #{SequenceNumber}");

    public override void OnPersistFailed(AppendStatus status, string error, Effects<Deposited> effects) =>
        effects.Send(tells, $"refused {status}");

    public sealed class AccountCodec : IEventCodec<Deposited>, IEventCodec<Balance>
    {
        public static AccountCodec Instance { get; } = new();

        public EventData Encode(Deposited value) => Data("account.deposited", value.Amount);

        /// <summary>A balance below 0 has no wire form.</summary>
        public EventData Encode(Balance value) =>
            value.Total < 0 ? throw new InvalidOperationException("overdrawn") : Data("account.balance", value.Total);

        public bool TryDecode(EventData data, [MaybeNullWhen(false)] out Deposited value, [NotNullWhen(false)] out string? reason)
        {
            var known = TryRead(data, "account.deposited", out var amount, out reason);
            value = known ? new Deposited((int)amount) : null;
            return known;
        }

        public bool TryDecode(EventData data, [MaybeNullWhen(false)] out Balance value, [NotNullWhen(false)] out string? reason)
        {
            var known = TryRead(data, "account.balance", out var total, out reason);
            value = known ? new Balance(total) : null;
            return known;
        }

        private static EventData Data(string manifest, long number)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            return new EventData(manifest, 1, bytes);
        }

        private static bool TryRead(in EventData data, string manifest, out long number, [NotNullWhen(false)] out string? reason)
        {
            number = 0;
            reason = data.Manifest != manifest || data.Version != 1 ? "unknown manifest"
                : data.Payload.Length != 8 ? "damaged"
                : null;
            if (reason is not null)
                return false;
            number = BinaryPrimitives.ReadInt64LittleEndian(data.Payload.Span);
            return true;
        }
    }
}
