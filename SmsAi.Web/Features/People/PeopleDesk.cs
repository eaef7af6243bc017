using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;

namespace SmsAi.Web.Features.People;

/// <summary>Acts on people for the operator of this screen, after asking whether she may: a button that shows is no right.</summary>
public sealed class PeopleDesk(PeopleActs acts, PersonContacts contacts, ActingOperator me)
{
    public Task<bool> MayAsync(string right) => me.MayAsync(right);

    public Task<IReadOnlyList<PreviewLine>> PreviewAsync(PeopleChange change, PeopleChosen chosen, CancellationToken cancel) =>
        chosen.All is { } filter ? acts.PreviewAsync(change, filter, cancel) : acts.PreviewAsync(change, [.. chosen.People.Select(person => person.Id)], cancel);

    public async Task<PeopleChanged> ChangeAsync(PeopleChange change, IReadOnlyList<PersonVersion> people, string reason, CancellationToken cancel) =>
        await acts.ChangeAsync(change, people, reason, await me.ActorAsync(Rights.CanOperate), cancel);

    public async Task<ChangedAll> ChangeAllAsync(PeopleChange change, PeopleFilter filter, string reason, IProgress<long> progress, CancellationToken cancel) =>
        await acts.ChangeAllAsync(change, filter, reason, await me.ActorAsync(Rights.CanOperate), progress, cancel);

    public async Task<PeopleChanged> UndoAsync(PeopleChange change, IReadOnlyList<ChangedPerson> changed, CancellationToken cancel) =>
        await acts.UndoAsync(change, changed, await me.ActorAsync(Rights.CanOperate), cancel);

    public async Task<PeopleChanged> UndoAllAsync(PeopleChange change, string mark, CancellationToken cancel) =>
        await acts.UndoAllAsync(change, mark, await me.ActorAsync(Rights.CanOperate), cancel);

    /// <summary>Something done to one person, as the operator of this screen.</summary>
    public async Task<T> AsActorAsync<T>(string right, Func<Actor, Task<T>> act) => await act(await me.ActorAsync(right));

    public async Task<PersonContact?> RevealAsync(long person, string reason, CancellationToken cancel) =>
        await contacts.RevealAsync(person, reason, await me.ActorAsync(Rights.CanAdminister), cancel);

    public async Task<TierOutcome> TierAsync(Func<Actor, Task<TierOutcome>> act) => await act(await me.ActorAsync(Rights.CanAdminister));
}

/// <summary>Whom an act is meant for: the people ticked, or all that match a filter.</summary>
public sealed record PeopleChosen(IReadOnlyList<PersonVersion> People, PeopleFilter? All, long Count);
