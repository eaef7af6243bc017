using System.Net;
using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>Makes the account of somebody who was invited, then signs her in.</summary>
public sealed partial class JoinPage
{
    private NewAccountResult.Invalid? _faults;
    private bool _isRefused;

    [CascadingParameter] public required HttpContext Context { get; set; }

    [SupplyParameterFromForm(FormName = "join")] public SetUpForm? Form { get; set; }

    [Inject] public required Joining Joining { get; init; }

    [Inject] internal OperatorSignIn SignIn { get; init; } = null!;

    [Inject] public required NavigationManager Navigation { get; init; }

    protected override void OnInitialized() => Form ??= new();

    private async Task SubmitAsync()
    {
        var (form, address) = (Form!, Context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (SignIn.WaitFor(address) is { } wait)
        {
            _isRefused = true;
            Context.Response.SayToWait(wait.Wait);
            return;
        }

        var result = await Joining.JoinAsync(form.Token ?? "", form.Name ?? "", form.Email ?? "", form.Password ?? "", address, Context.RequestAborted);
        switch (result)
        {
            case NewAccountResult.Invalid invalid:
                _faults = invalid;
                break;
            case NewAccountResult.LinkRefused:
                await SignIn.NoteFailureAsync(address);
                _isRefused = true;
                break;
            default:
                var entered = await SignIn.TryAsync(form.Email!, form.Password!, address, Context.RequestAborted);
                Navigation.NavigateTo(entered is SignInOutcome.SignedIn { MustEnrol: true } ? "/account" : "/");
                break;
        }
    }

    private static string? Invalid(string? fault) => fault is null ? null : "true";
}
