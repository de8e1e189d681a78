using QTrade.Actors;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Asks the router to hand a snapshot out as soon as min-interval allows, changed or not.</summary>
internal sealed record SolveNow(ActorRef<SolvedNow> ReplyTo) : IRouterMessage;
