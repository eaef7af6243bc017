using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database.Identity;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Access;

/// <summary>What a browser posts for a passkey: the challenge's id and what the authenticator said to it.</summary>
public sealed record PasskeyAnswer(string? Id, JsonElement Credential, string? Name, string? Back);

/// <summary>Signing in, stepping up and adding by passkey: two posts each, one for the challenge and one for the answer.</summary>
internal static class PasskeyEndpoints
{
    private const int LargestAnswer = 32 * 1024;
    private const string SignIn = "sign-in";
    private const string StepUp = "step-up";
    private const string Add = "add";
    private const string Refused = "This passkey wasn't taken. Try again, or use the password.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var door = routes.MapGroup("/passkeys").AddEndpointFilter<AntiforgeryFilter>().WithMetadata(new RequestSizeLimitAttribute(LargestAnswer));
        door.MapPost("/sign-in/begin", BeginSignInAsync).AllowAnonymous();
        door.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        door.MapPost("/step-up/begin", BeginStepUpAsync).RequireAuthorization(Rights.OwnAccount);
        door.MapPost("/step-up", StepUpAsync).RequireAuthorization(Rights.OwnAccount);
        door.MapPost("/add/begin", BeginAddAsync).RequireAuthorization(Rights.OwnAccount);
        door.MapPost("/add", AddAsync).RequireAuthorization(Rights.OwnAccount);
    }

    private static async Task<IResult> BeginSignInAsync(HttpContext context, IPasskeyHandler<Operator> handler, Passkeys passkeys)
    {
        var made = await handler.MakeRequestOptionsAsync(null, context);
        return await ChallengeAsync(passkeys, SignIn, null, made.AssertionState, made.RequestOptionsJson, context.RequestAborted);
    }

    private static async Task<IResult> SignInAsync(PasskeyAnswer answer, HttpContext context, IPasskeyHandler<Operator> handler, Passkeys passkeys, OperatorSignIn signIn)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (signIn.WaitFor(address) is { } wait)
        {
            context.Response.SayToWait(wait.Wait);
            return TypedResults.Json(new Says(wait.Words), statusCode: StatusCodes.Status429TooManyRequests);
        }

        var (account, passkey) = await AssertAsync(answer, SignIn, null, context, handler, passkeys);
        if (account is not { IsDisabled: false, TwoFactorEnabled: true } || passkey is null)
        {
            await signIn.NoteRefusedPasskeyAsync(account, address, context.RequestAborted);
            return Fault(Refused);
        }

        await passkeys.NoteUseAsync(passkey, context.RequestAborted);
        await signIn.OpenByPasskeyAsync(account, address, context.RequestAborted);
        return TypedResults.Ok(new { to = LocalPath.OrFirstPage(answer.Back) });
    }

    private static async Task<IResult> BeginStepUpAsync(HttpContext context, IPasskeyHandler<Operator> handler, Passkeys passkeys, UserManager<Operator> operators)
    {
        if (await operators.GetUserAsync(context.User) is not { } me) return Fault(Refused);
        var made = await handler.MakeRequestOptionsAsync(me, context);
        return await ChallengeAsync(passkeys, StepUp, SessionClaims.IdOf(context.User), made.AssertionState, made.RequestOptionsJson, context.RequestAborted);
    }

    private static async Task<IResult> StepUpAsync(PasskeyAnswer answer, HttpContext context, IPasskeyHandler<Operator> handler, Passkeys passkeys, SecondFactors factors)
    {
        var me = Me(context);
        var (account, passkey) = await AssertAsync(answer, StepUp, me.Session, context, handler, passkeys);
        if (passkey is null || account!.Id != me.Id) return Fault(Refused);
        await passkeys.NoteUseAsync(passkey, context.RequestAborted);
        await factors.StepUpByPasskeyAsync(me, context.RequestAborted);
        return TypedResults.Ok(new { to = "" });
    }

    private static async Task<IResult> BeginAddAsync(HttpContext context, IPasskeyHandler<Operator> handler, Passkeys passkeys, UserManager<Operator> operators)
    {
        if (await operators.GetUserAsync(context.User) is not { TwoFactorEnabled: true } me) return Fault("Set up the code first; a passkey then spares you typing it.");
        var entity = new PasskeyUserEntity { Id = await operators.GetUserIdAsync(me), Name = me.Email!, DisplayName = me.DisplayName };
        var made = await handler.MakeCreationOptionsAsync(entity, context);
        return await ChallengeAsync(passkeys, Add, SessionClaims.IdOf(context.User), made.AttestationState, made.CreationOptionsJson, context.RequestAborted);
    }

    private static async Task<IResult> AddAsync(PasskeyAnswer answer, HttpContext context, IPasskeyHandler<Operator> handler, Passkeys passkeys)
    {
        var me = Me(context);
        var name = answer.Name?.Trim() ?? "";
        if (Passkeys.FaultOf(name) is { } wrong) return Fault(wrong);
        if (await passkeys.TakeAsync(answer.Id ?? "", Add, me.Session, context.RequestAborted) is not { } state) return Fault("That took more than five minutes. Try again.");
        var made = await handler.PerformAttestationAsync(new() { HttpContext = context, CredentialJson = Text(answer), AttestationState = state });
        if (!made.Succeeded) return Fault("This passkey wasn't taken. Open the console under the name it is set up for, and try again.");
        try
        {
            return await passkeys.AddAsync(made.Passkey, name, me, context.RequestAborted)
                ? TypedResults.Ok(new { to = "" })
                : Fault("This passkey is known already.");
        }
        catch (SecondFactorNeededException)
        {
            return Fault("Your second factor is older than five minutes. Try again.");
        }
    }

    private static async Task<(Operator? Account, UserPasskeyInfo? Passkey)> AssertAsync(
        PasskeyAnswer answer, string purpose, string? session, HttpContext context, IPasskeyHandler<Operator> handler, Passkeys passkeys)
    {
        if (await passkeys.TakeAsync(answer.Id ?? "", purpose, session, context.RequestAborted) is not { } state) return (null, null);
        var result = await handler.PerformAssertionAsync(new() { HttpContext = context, CredentialJson = Text(answer), AssertionState = state });
        return result.Succeeded ? (result.User, result.Passkey) : (null, null);
    }

    private static async Task<IResult> ChallengeAsync(Passkeys passkeys, string purpose, string? session, string? state, string options, CancellationToken cancel)
    {
        var id = await passkeys.KeepAsync(purpose, session, state ?? "", cancel);
        using var parsed = JsonDocument.Parse(options);
        return TypedResults.Ok(new { id, options = parsed.RootElement.Clone() });
    }

    private static string Text(PasskeyAnswer answer) => answer.Credential.ValueKind == JsonValueKind.Object ? answer.Credential.GetRawText() : "";

    private static Actor Me(HttpContext context) => OperatorActor.Of(context.User, context.Connection.RemoteIpAddress);

    private static BadRequest<Says> Fault(string words) => TypedResults.BadRequest(new Says(words));

    /// <summary>What went wrong, in words for the page.</summary>
    private sealed record Says(string Fault);
}
