using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Access;

/// <summary>Shows and changes the account of whoever looks at this screen, as long as her session is open.</summary>
public sealed class AccountDesk(
    OwnAccount account, SecondFactors factors, Passkeys passkeys, OperatorPasswords passwords, AuthenticationStateProvider authentication,
    IAuthorizationService rights, ClientAddress client,
    OperatorPreferences preferences)
{
    /// <summary>The session of this screen.</summary>
    public async Task<string?> SessionAsync() => (await ActorAsync()).Session;

    public async Task<AccountView?> ReadAsync(CancellationToken cancel) =>
        await account.ReadAsync(await ActorAsync(), SessionRules.Idle, SessionRules.InAll, cancel);

    public async Task<Proposal> ProposeAsync(string password, string email, CancellationToken cancel) =>
        await factors.ProposeAsync(password, email, await ActorAsync(), cancel);

    public async Task<IReadOnlyList<string>?> TurnOnAsync(string code, CancellationToken cancel) => await factors.TurnOnAsync(code, await ActorAsync(), cancel);

    public async Task<IReadOnlyList<string>> RenewCodesAsync(CancellationToken cancel) => await factors.RenewCodesAsync(await ActorAsync(), cancel);

    public async Task TurnOffAsync(CancellationToken cancel) => await factors.TurnOffAsync(await ActorAsync(), cancel);

    public async Task<PasswordChange> ChangePasswordAsync(string current, string wanted, CancellationToken cancel) =>
        await passwords.ChangeAsync(current, wanted, await ActorAsync(), cancel);

    /// <summary>Asks for a fresh second factor before something the browser does next.</summary>
    public async Task DemandAsync(CancellationToken cancel) => await account.DemandAsync(await ActorAsync(), cancel);

    public async Task<bool> RemovePasskeyAsync(byte[] id, CancellationToken cancel) => await passkeys.RemoveAsync(id, await ActorAsync(), cancel);

    public async Task<bool> RenamePasskeyAsync(byte[] id, string name, CancellationToken cancel) => await passkeys.RenameAsync(id, name, await ActorAsync(), cancel);

    public async Task<bool> EndAsync(string session, CancellationToken cancel) => await account.EndAsync(session, await ActorAsync(), cancel);

    public async Task<int> EndAllAsync(bool thisToo, CancellationToken cancel) => await account.EndAllAsync(thisToo, await ActorAsync(), cancel);

    public async Task<OperatorLocale> LocaleAsync(CancellationToken cancel) => await preferences.LocaleAsync((await ActorAsync()).Id ?? 0, cancel);

    public async Task SetLocaleAsync(OperatorLocale locale, CancellationToken cancel) =>
        await preferences.SetLocaleAsync((await ActorAsync()).Id ?? 0, locale, cancel);

    private async Task<Actor> ActorAsync()
    {
        var person = (await authentication.GetAuthenticationStateAsync()).User;
        if (!(await rights.AuthorizeAsync(person, Rights.OwnAccount)).Succeeded) throw new UnauthorizedAccessException("The session has ended.");
        return OperatorActor.Of(person, client.Value);
    }
}
