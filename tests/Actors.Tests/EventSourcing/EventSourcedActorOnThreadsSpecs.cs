namespace QTrade.Actors.Tests.EventSourcing;

public sealed class EventSourcedActorOnThreadsSpecs() : EventSourcedActorContract(new ThreadRig());
