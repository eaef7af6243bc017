using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.People;

/// <summary>Acts on people for the operator of this screen, after asking whether she may: a button that shows is no right.</summary>
public sealed class PeopleDesk(
    PeopleActs acts, PersonContacts contacts, AuthenticationStateProvider authentication, IAuthorizationService rights, ClientAddress client)
{
    public async Task<bool> MayAsync(string right) =>
        (await rights.AuthorizeAsync((await authentication.GetAuthenticationStateAsync()).User, right)).Succeeded;

    public Task<IReadOnlyList<PreviewLine>> PreviewAsync(PeopleChange change, PeopleChosen chosen, CancellationToken cancel) =>
        chosen.All is { } filter ? acts.PreviewAsync(change, filter, cancel) : acts.PreviewAsync(change, [.. chosen.People.Select(person => person.Id)], cancel);

    public async Task<PeopleChanged> ChangeAsync(PeopleChange change, IReadOnlyList<PersonVersion> people, string reason, CancellationToken cancel) =>
        await acts.ChangeAsync(change, people, reason, await ActorAsync(Rights.CanOperate), cancel);

    public async Task<ChangedAll> ChangeAllAsync(PeopleChange change, PeopleFilter filter, string reason, IProgress<long> progress, CancellationToken cancel) =>
        await acts.ChangeAllAsync(change, filter, reason, await ActorAsync(Rights.CanOperate), progress, cancel);

    public async Task<PeopleChanged> UndoAsync(PeopleChange change, IReadOnlyList<ChangedPerson> changed, CancellationToken cancel) =>
        await acts.UndoAsync(change, changed, await ActorAsync(Rights.CanOperate), cancel);

    public async Task<PeopleChanged> UndoAllAsync(PeopleChange change, string mark, CancellationToken cancel) =>
        await acts.UndoAllAsync(change, mark, await ActorAsync(Rights.CanOperate), cancel);

    /// <summary>Something done to one person, as the operator of this screen.</summary>
    public async Task<T> AsActorAsync<T>(string right, Func<Actor, Task<T>> act) => await act(await ActorAsync(right));

    public async Task<PersonContact?> RevealAsync(long person, string reason, CancellationToken cancel) =>
        await contacts.RevealAsync(person, reason, await ActorAsync(Rights.CanAdminister), cancel);

    public async Task<TierOutcome> TierAsync(Func<Actor, Task<TierOutcome>> act) => await act(await ActorAsync(Rights.CanAdminister));

    private async Task<Actor> ActorAsync(string right)
    {
        var person = (await authentication.GetAuthenticationStateAsync()).User;
        if (!(await rights.AuthorizeAsync(person, right)).Succeeded) throw new UnauthorizedAccessException($"The role lacks {right}.");
        return OperatorActor.Of(person, client.Value);
    }
}

/// <summary>Whom an act is meant for: the people ticked, or all that match a filter.</summary>
public sealed record PeopleChosen(IReadOnlyList<PersonVersion> People, PeopleFilter? All, long Count);
